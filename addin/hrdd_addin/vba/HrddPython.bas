Option Explicit

' The exit code of a Python that wrote results; 0 says that the user was told how it went.
Private Const Scored As Long = 10

' Starts Python for one action. On Windows it waits for the end, on a Mac it returns at once. No workbook decides
' what is started: the program is named on this add-in's own sheet, and names travel as hexadecimal digits.
Public Sub HrddStart(action As String)
    On Error GoTo Failed
    Dim spare As Workbook
    If ActiveWorkbook Is Nothing Then Set spare = Workbooks.Add ' Python finds no Excel in which none is open
    Select Case HrddLaunch(HrddSetting("interpreter"), HrddArguments(action))
        Case 0
        Case Scored
            Application.OnUndo "Undo last scoring", "HrddUndo"
        Case Else
            MsgBox "hrdd stopped before it could answer. Run ""hrdd addin doctor"" in a terminal; it says why.", vbExclamation, "hrdd"
    End Select
    HrddEnd spare
    Exit Sub
Failed:
    MsgBox "hrdd could not be started: " & Err.Description & vbLf & vbLf & "Run ""hrdd addin doctor"" in a terminal; " & _
        "it says why. Where programs may not be started from Excel, ""hrdd attach"" scores the open workbook.", vbExclamation, "hrdd"
    HrddEnd spare
End Sub

' Takes the spare workbook away, but not on a Mac, where Python still works in it; and has buttons look anew.
Private Sub HrddEnd(spare As Workbook)
    #If Mac Then
    #Else
    If Not spare Is Nothing Then spare.Close False
    #End If
    HrddRefresh
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

' Whether what stood before the last scoring of this workbook is kept. A Mac would ask the user before it looks.
Public Function HrddOnRecord() As Boolean
    #If Mac Then
    HrddOnRecord = True
    #Else
    On Error GoTo Failed
    Dim folder As String
    folder = HrddFolder("%HRDD_HOME%")
    If folder = "%HRDD_HOME%" Then folder = HrddFolder("%LOCALAPPDATA%") & "\hrdd"
    HrddOnRecord = CreateObject("Scripting.FileSystemObject").FileExists(folder & "\undo-" & HrddKey(HrddBook()) & ".json")
    Exit Function
Failed:
    HrddOnRecord = True
    #End If
End Function

Private Function HrddFolder(name As String) As String
    HrddFolder = CreateObject("WScript.Shell").ExpandEnvironmentStrings(name)
End Function

' A name as a number of at most thirteen digits, by which its record is found; Python reckons the same.
Public Function HrddKey(name As String) As String
    Dim at As Long, total As Double
    For at = 1 To Len(name)
        total = total * 31 + (AscW(Mid$(name, at, 1)) And &HFFFF&)
        total = total - Int(total / 1099511627776#) * 1099511627776#
    Next at
    HrddKey = CStr(total)
End Function

' A name as four hexadecimal digits a character: no shell and no quoting can misread it.
Public Function HrddHex(text As String) As String
    Dim at As Long
    For at = 1 To Len(text)
        HrddHex = HrddHex & Right$("000" & Hex$(AscW(Mid$(text, at, 1)) And &HFFFF&), 4)
    Next at
End Function
