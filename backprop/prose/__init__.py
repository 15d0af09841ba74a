"""Pages whose every number is held against the value that it stands for."""
