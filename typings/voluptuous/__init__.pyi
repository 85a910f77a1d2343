# `import voluptuous` gives probatio in Home Assistant, so its types are the true ones.
from probatio import *
