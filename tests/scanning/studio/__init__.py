"""A photo studio without a camera: props, the way they are held, and what spoils the picture."""
