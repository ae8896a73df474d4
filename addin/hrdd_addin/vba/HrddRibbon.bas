Option Explicit

Private Ribbon As IRibbonUI

Public Sub HrddLoaded(loaded As IRibbonUI)
    Set Ribbon = loaded
End Sub

' Every button: the action is the button's id without "hrdd_". Help needs no Python, which may be what is amiss.
Public Sub HrddPressed(control As IRibbonControl)
    If control.ID = "hrdd_help" Then MsgBox HrddHelp(), vbInformation, "hrdd" Else HrddStart Mid$(control.ID, 6)
End Sub

' Where there are cells to work on; Undo, where a scoring of the workbook in front is on record.
Public Sub HrddEnabled(control As IRibbonControl, ByRef enabled)
    enabled = (TypeName(ActiveSheet) = "Worksheet")
    If enabled And control.ID = "hrdd_undo" Then enabled = HrddOnRecord()
End Sub

Public Sub HrddRefresh()
    If Not Ribbon Is Nothing Then Ribbon.Invalidate
End Sub

' Ctrl+Z after a scoring comes here.
Public Sub HrddUndo()
    HrddStart "undo"
End Sub
