Option Explicit

' What a worksheet function shows when hrdd cannot answer: never the text of an error.
Private Const NoAnswer As String = "HRDD?"
Private Running As Boolean

' The library that keeps Python running between two calls carries the version of xlwings in its name.
#If Mac Then
#ElseIf Win64 Then
Private Const Library As String = "xlwings64-{xlwings}.dll"
Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-{xlwings}.dll" (ByRef result As Variant, Optional ByVal config As String = "", Optional ByVal mode As Long = 1) As Long
#Else
Private Const Library As String = "xlwings32-{xlwings}.dll"
Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-{xlwings}.dll" (ByRef result As Variant, Optional ByVal config As String = "", Optional ByVal mode As Long = 1) As Long
#End If
#If Mac Then
#Else
Private Declare PtrSafe Function LoadLibrary Lib "kernel32" Alias "LoadLibraryW" (ByVal path As LongPtr) As LongPtr
#End If

Public Function HrddAsk(question As String, subject As Variant, Optional headers As Variant) As Variant
    On Error GoTo Failed
    Dim python As Object, given As Object
    Set python = HrddServer()
    If IsMissing(headers) Then
        Set given = python.Tuple(HrddValues(subject))
    Else
        Set given = python.Tuple(HrddValues(subject), HrddValues(headers))
    End If
    HrddAsk = python.Var(python.Call(python.Module("hrdd_addin.functions"), question, given))
    Exit Function
Failed:
    HrddAsk = NoAnswer
End Function

Private Function HrddValues(given As Variant) As Variant
    If IsObject(given) Then HrddValues = given.Value Else HrddValues = given
End Function

' The headers of a row where none are given: what stands above it among the first fifty rows of the sheet.
Public Function HrddAbove(row As Range) As Range
    Dim last As Long
    last = row.Row - 1
    If last > 50 Then last = 50
    If last > 0 Then Set HrddAbove = Intersect(row.EntireColumn, row.Worksheet.Range("1:" & last))
End Function

Private Function HrddServer() As Object
    #If Mac Then
    Err.Raise vbObjectError, , "Worksheet functions need Windows."
    #Else
    Dim interpreter As String, folder As String, found As Variant
    interpreter = HrddSetting("interpreter")
    folder = Left$(interpreter, InStrRev(interpreter, "\"))
    If LoadLibrary(StrPtr(folder & Library)) = 0 Then LoadLibrary StrPtr(folder & "..\" & Library)
    If XLPyDLLActivateAuto(found, HrddCommand(interpreter, "serve $(CLSID)"), 1) <> 0 Then Err.Raise vbObjectError, , found
    Running = True
    Set HrddServer = found
    #End If
End Function

Public Sub HrddEndFunctions()
    #If Mac Then
    #Else
    Dim unused As Variant
    If Running Then XLPyDLLActivateAuto unused, HrddCommand(HrddSetting("interpreter"), "serve $(CLSID)"), -1
    Running = False
    #End If
End Sub
