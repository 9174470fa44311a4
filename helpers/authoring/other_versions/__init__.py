"""The course, and files, on other TensorFlows."""
