"""All that trains many networks, or times them: the matrix of frameworks and rules (``cells``), one
run and many (``runs``), what came of them (``results``), how long a batch takes (``bench``)."""
