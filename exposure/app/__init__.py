"""The live app: pick controls, move sliders, see the charts answer. Started by ``exposure app``."""
