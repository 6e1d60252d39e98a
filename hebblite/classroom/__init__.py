"""What a teacher runs: the learner's copies, and the lessons as nbgrader assignments.

release     makes course/ from solutions/
settings    nbgrader's settings for our lessons
make        an nbgrader course, ready to hand out
collect     takes in what students hand in
grade       marks, and feedback for each student
commands    the command line of make, collect and grade
"""
