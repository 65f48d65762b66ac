"""A Chromium without a window, driven by selenium: https://www.selenium.dev/documentation/webdriver/browsers/chrome/"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 15
"""Seconds within which a page does what it should."""

WATCH = """
window.ran = [];
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""
"""Put before everything else into every page: `ran` is where a script that should not run says that it did."""


class Chromium:
    """One browser with a profile of its own, which is gone at the end."""

    def __init__(self):
        program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
        driver = shutil.which("chromedriver")
        if not program or not driver:
            raise AssertionError("Chromium or its driver is not installed: run scripts/system-packages.sh --attack")
        options = webdriver.ChromeOptions()
        options.binary_location = program
        # The certificates are those of the tests, and a container's shared memory is small.
        for argument in ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--ignore-certificate-errors", "--window-size=1280,900"]:
            options.add_argument(argument)
        if os.getuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # What it leaves behind in its folder for temporary files goes with that.
        self.folder = tempfile.TemporaryDirectory(prefix="agent-attack-chromium-", ignore_cleanup_errors=True)
        self.driver = webdriver.Chrome(options=options, service=Service(driver, env=os.environ | {"TMPDIR": self.folder.name}))
        self.driver.set_script_timeout(PATIENCE)
        self.driver.set_page_load_timeout(PATIENCE)
        self.command("Page.addScriptToEvaluateOnNewDocument", source=WATCH)

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(self, *_):
        with suppress(WebDriverException):
            self.driver.quit()
        self.folder.cleanup()

    def open(self, url: str):
        self.driver.get(url)

    def command(self, name: str, **parameters) -> dict:
        """One of https://chromedevtools.github.io/devtools-protocol/"""
        return self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script: str, *arguments):
        """What the script returns, or what its promise comes to."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def until(self, what: str, script: str, *arguments):
        """Waits until the script returns something, and gives it."""
        try:
            return WebDriverWait(self.driver, PATIENCE, 0.05).until(lambda _: self.run(script, *arguments))
        except TimeoutException as error:
            raise AssertionError(f"not within {PATIENCE} s: {what}") from error

    def texts(self, selector: str) -> list[str]:
        return self.run("return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)", selector)

    def cookies(self) -> list[dict]:
        """All that it keeps, of whatever site and path."""
        return self.command("Network.getAllCookies")["cookies"]

    def refusals(self) -> list[str]:
        """What the console says of content security policies since it was asked last."""
        return [entry["message"] for entry in self.driver.get_log("browser") if "Content Security Policy" in entry["message"]]

    def screenshot(self, file: Path):
        self.driver.save_screenshot(str(file))

    # The page of the gateway

    def sign_in(self, url: str, email: str, password: str):
        """By the form, as a person does."""
        self.open(url)
        self.until_state("signed-out")
        self.find("#auth-email").send_keys(email)
        self.find("#auth-password").send_keys(password)
        self.find("#auth-submit").click()
        self.until_state("signed-in")

    def until_state(self, state: str):
        self.until(f"the page is {state}", "return document.querySelector('agent-app')?.dataset.state === arguments[0]", state)

    def state(self) -> str:
        """What the page is in the end, once it has loaded."""
        return self.until("the page is loaded", "const { state } = document.querySelector('agent-app')?.dataset ?? {}; return state === 'loading' ? null : state")

    def say(self, message: str):
        """Sends a message, and waits for the end of the answer."""
        self.run("const field = document.querySelector('#message'); field.value = arguments[0]; field.dispatchEvent(new Event('input'))", message)
        self.find("#send").click()
        self.until_answered()

    def until_answered(self):
        self.until("an answer is complete", "return document.querySelector('[data-role=assistant]:last-of-type')?.dataset.status === 'complete'")
