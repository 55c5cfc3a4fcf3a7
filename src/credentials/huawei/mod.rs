//! What Huawei Cloud hands credentials out with, how it says whose they are, and how it finds a project.
