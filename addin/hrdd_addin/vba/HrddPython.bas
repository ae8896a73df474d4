Option Explicit

' Starts Python for one action. On Windows it waits for the end, on a Mac it returns at once. No workbook decides
' what is started: the program is named on this add-in's own sheet, and names travel as hexadecimal digits.
Public Sub HrddStart(action As String)
    On Error GoTo Failed
    If HrddLaunch(HrddSetting("interpreter"), HrddArguments(action)) <> 0 Then
        MsgBox "hrdd stopped before it could answer. Run ""hrdd addin doctor"" in a terminal; it says why.", vbExclamation, "hrdd"
    ElseIf Left$(action, 5) = "score" Then
        Application.OnUndo "Undo last scoring", "HrddUndo"
    End If
    Exit Sub
Failed:
    MsgBox "hrdd could not be started: " & Err.Description & vbLf & vbLf & "Run ""hrdd addin doctor"" in a terminal; " & _
        "it says why. Where programs may not be started from Excel, ""hrdd attach"" scores the open workbook.", vbExclamation, "hrdd"
End Sub

Public Function HrddArguments(action As String) As String
    HrddArguments = action & " --book=" & HrddHex(HrddBook())
    #If Mac Then
    #Else
    HrddArguments = HrddArguments & " --hwnd=" & CStr(Application.Hwnd)
    #End If
End Function

Public Function HrddCommand(interpreter As String, arguments As String) As String
    HrddCommand = """" & interpreter & """ -E -P -B -m hrdd_addin " & arguments
End Function

Private Function HrddLaunch(interpreter As String, arguments As String) As Long
    #If Mac Then
    AppleScriptTask "hrdd.applescript", "startHrdd", interpreter & vbLf & Replace(arguments, " ", vbLf)
    #Else
    Dim shell As Object
    Set shell = CreateObject("WScript.Shell")
    shell.CurrentDirectory = Left$(interpreter, InStrRev(interpreter, "\"))
    HrddLaunch = shell.Run(HrddCommand(interpreter, arguments), 0, True)
    #End If
End Function

Public Function HrddSetting(name As String) As String
    Dim row As Long
    With ThisWorkbook.Worksheets("hrdd")
        For row = 1 To 9
            If .Cells(row, 1).Value = name Then HrddSetting = CStr(.Cells(row, 2).Value)
        Next row
    End With
    If HrddSetting = "" Then Err.Raise vbObjectError, , "the add-in does not name its " & name & "."
End Function

Private Function HrddBook() As String
    If Not ActiveWorkbook Is Nothing Then HrddBook = ActiveWorkbook.Name
End Function

' A name as four hexadecimal digits a character: no shell and no quoting can misread it.
Public Function HrddHex(text As String) As String
    Dim at As Long
    For at = 1 To Len(text)
        HrddHex = HrddHex & Right$("000" & Hex$(AscW(Mid$(text, at, 1)) And &HFFFF&), 4)
    Next at
End Function
