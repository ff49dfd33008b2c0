"""Figures of experiments: one file per experiment, tables in, a figure out. Nothing here simulates."""
