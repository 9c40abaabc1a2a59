.PHONY: demo test lint bench setup lock
demo test lint bench setup lock:
	@python3 dev.py $@
