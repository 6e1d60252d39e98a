"""What belongs to one lesson only: ``from hebblite.lessons import lesson05``.

Each lesson is a package with the same rooms; one that would be empty is missing, and one that
grows beyond 400 lines becomes a package of that name, split by topic:

    equations   the lesson's formulas as functions of arrays
    exercises   the exercises: each reference, other right answers, each mistake beside its message
    runs        what trains or simulates: the learner's pieces in the engine, experiments
    claims      sentences with a number in them, measured over seeds
    proof       the steps of a proof that the learner writes
    pictures    pure functions from data to SVG

Each room may import those above it, not those below. The package itself presents the names that
its notebook uses. Lessons import the toolkit (``hebblite.teaching``) and the engine, no lesson.
"""
