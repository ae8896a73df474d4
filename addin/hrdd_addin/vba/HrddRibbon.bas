Option Explicit

Private Ribbon As IRibbonUI

Public Sub HrddLoaded(loaded As IRibbonUI)
    Set Ribbon = loaded
End Sub

' Every button: the action is the button's id without "hrdd_".
Public Sub HrddPressed(control As IRibbonControl)
    HrddStart Mid$(control.ID, 6)
End Sub

Public Sub HrddEnabled(control As IRibbonControl, ByRef enabled)
    enabled = (TypeName(ActiveSheet) = "Worksheet")
End Sub

Public Sub HrddRefresh()
    If Not Ribbon Is Nothing Then Ribbon.Invalidate
End Sub

' Ctrl+Z after a scoring comes here.
Public Sub HrddUndo()
    HrddStart "undo"
End Sub
