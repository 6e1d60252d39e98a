"""What a teacher runs: the learner's copies, and the lessons as nbgrader assignments.

release     makes course/ from solutions/
faults      what in the outputs of a lesson shows an error, and keeps it from being released
settings    nbgrader's settings for our lessons
make        an nbgrader course, ready to hand out
collect     takes in what students hand in
grade       marks, and feedback for each student
commands    the command line of make, collect and grade
"""
