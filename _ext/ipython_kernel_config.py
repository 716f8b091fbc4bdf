"""The kernels that run the pages while the book is built: on one machine, so without encryption."""

import logging

logging.getLogger("IPKernelApp").addFilter(
    lambda record: "TCP without encryption" not in record.getMessage()
)
