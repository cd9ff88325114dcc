from flask import Blueprint

room = Blueprint("display", __name__, template_folder="templates", static_folder="static", static_url_path="/static/display")
