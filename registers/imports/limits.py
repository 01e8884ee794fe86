"""How much of a file is read. Beyond these a file is refused before it costs memory or time."""

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
# A sheet of repeated cells packs about 50 to 1, a zip bomb up to 1,032 to 1; small files may pack as they like.
MAX_PACKING_RATIO = 150
RATIO_CHECKED_FROM_BYTES = 20 * 1024 * 1024
MAX_ARCHIVE_MEMBERS = 5_000

MAX_ROWS = 200_000
MAX_COLUMNS = 100
MAX_CELLS = 4_000_000

READING_PROCESS_MEMORY_BYTES = 1280 * 1024 * 1024
READING_PROCESS_SECONDS = 30

HEADER_SEARCHED_ROWS = 30
