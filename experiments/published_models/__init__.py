"""Do the published models of the AI race give here what their papers report?"""
