"""The class file 班级档案 of a topic class: plan, roster, attendance, completion, to be printed or worked with."""
