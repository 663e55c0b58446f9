"""Runs the program of the first document in ../shared/seeds that speaks a text.

speech_sample.py SEEDS BASE_URL printed
    As it is printed, but for the service's address. It prints the answer as text.
speech_sample.py SEEDS BASE_URL meant VOICE TEXT
    With a key, a voice, a text, and settings that the service allows; without the dictionary, of
    which it names none. Writes the answer as it is: sound.
"""
import os
import re
import sys
from pathlib import Path

seeds, base_url, form, *words = sys.argv[1:]
document = sorted(Path(seeds).glob("*.txt"))[0].read_text()
code = document.split("And here is how elevenlabs handles streaming:", 1)[1]
code = code.replace("https://api.elevenlabs.io", base_url)
if form == "meant":
    voice, text = words
    code = code.replace("{voice_id}", voice)
    code = re.sub(r' *"pronunciation_dictionary_locators": \[.*?\],\n', "", code, flags=re.DOTALL)
    code = code.replace('"text": "<string>"', f'"text": {text!r}')
    code = code.replace("<string>", "eleven_multilingual_v2")
    for name, value in [("similarity_boost", 0.75), ("stability", 0.5), ("style", 0.0)]:
        code = code.replace(f'"{name}": 123', f'"{name}": {value}')
    key = os.environ["ELEVENLABS_API_KEY"]
    code = code.replace("headers = {", f'headers = {{"xi-api-key": {key!r}, ')
    code = code.replace("print(response.text)", "sys.stdout.buffer.write(response.content)")
exec(compile(code, "speech", "exec"), {"sys": sys})
