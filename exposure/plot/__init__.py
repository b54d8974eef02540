"""Answers as notebooks show them: pictures (``accessor``, which loads matplotlib) and cards (``cards``, plain HTML)."""
