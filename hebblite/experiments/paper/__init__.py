"""The experiments of Aceituno, Farinha, Loidl & Grewe 2023 as claims, each with a plan, a tolerance
and a rule for the verdict that were written down before the run."""
