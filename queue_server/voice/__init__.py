"""Calls as speech: sentences in the languages of visitors, and the engines that speak them."""
