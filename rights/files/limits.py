"""What is taken of files that people send in. Beyond these a file is refused before it costs memory or time."""

from registers.imports.limits import MAX_UPLOAD_BYTES

MAX_BYTES = MAX_UPLOAD_BYTES  # of each
MAX_FILES = 5
MAX_PIXELS = 60_000_000
LONGEST_SIDE = 5_000  # pixels; larger pictures are made smaller, which leaves a document readable
MAX_PAGES = 200
MAX_KEPT_BYTES = 20 * 1024 * 1024  # of a picture that is written anew without loss

MEMORY_BYTES = 1024 * 1024 * 1024
SECONDS = 30
