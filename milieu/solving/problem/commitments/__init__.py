"""What a week has to keep: what people are used to and wait for, what happened, what is fixed and demanded."""
