from hypothesis import settings

settings.register_profile("race_sim", deadline=None, derandomize=True)  # the first call of a law compiles it
settings.load_profile("race_sim")
