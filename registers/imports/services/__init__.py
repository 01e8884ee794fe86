"""An import from upload to result. Each step is one transaction, in the name of `by=`; the states are in the model."""
