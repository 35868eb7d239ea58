"""Maintainer's commands: they rebuild the data files that the package ships."""
