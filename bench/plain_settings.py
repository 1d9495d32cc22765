"""The deployable's own settings, but for the addresses: those of the module that BENCH_ADDRESSES names."""

import os

from packytrace import settings

globals().update({name: value for name, value in vars(settings).items() if name.isupper()})
ROOT_URLCONF = os.environ["BENCH_ADDRESSES"]
