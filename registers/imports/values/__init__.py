"""One parser for each type of cell. Each gives the stored form or raises CellProblem; empty cells never reach them."""
