//! What Alibaba Cloud hands credentials out with, and how it says whose they are.
