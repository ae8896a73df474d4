-- Starts Python for one action and returns at once. Every word travels through "quoted form of", so that no name
-- is ever read as a command. The words come one a line: the interpreter, the action, and its options.
on startHrdd(givenWords)
	set command to ""
	repeat with word_ in paragraphs of givenWords
		if command is "" then
			set command to quoted form of (word_ as text) & " -E -P -B -m hrdd_addin"
		else
			set command to command & " " & quoted form of (word_ as text)
		end if
	end repeat
	do shell script command & " > /dev/null 2>&1 &"
	return ""
end startHrdd
