"""How an open page hears of its runs: by the stream, and without one where that is out of reach."""

from core.runs.config import RunConfig

LONG = RunConfig(epochs=1000)
SCRIPTS = """() => {
  const page = document.querySelector("[data-testid=stApp]")
  window.scripts = 0
  new MutationObserver(() => window.scripts += 1).observe(
    page, {attributes: true, attributeFilter: ["data-test-script-state"]})
}"""


def test_a_run_is_followed_without_running_the_script(open_tab):
    tab = open_tab(LONG)
    tab.press("train")
    tab.until_status("training")
    tab.until_updates(5)
    tab.page.evaluate(SCRIPTS)
    tab.until_updates(30)
    assert tab.page.evaluate("window.scripts") == 0


def test_a_page_that_cannot_reach_the_stream_follows_its_run_all_the_same(new_tab, server):
    tab = new_tab(own=True)
    tab.page.route_web_socket("**/live/stream*", lambda socket: socket.close())
    tab.open(f"{server.url}/?epochs=1000")
    tab.press("train")
    tab.until_status("training")
    tab.until_updates(10)
    assert len(tab.curve()["training"][0]) > 0
    tab.press("stop")
    tab.until_status("stopped")


def test_a_stream_that_breaks_off_is_taken_up_again(new_tab, server):
    tab, sockets = new_tab(own=True), []

    def through(socket):
        sockets.append(socket)
        socket.connect_to_server()

    tab.page.route_web_socket("**/live/stream*", through)
    tab.open(f"{server.url}/?epochs=1000")
    tab.press("train")
    tab.until_step(10)
    sockets[-1].close()
    step = tab.number("Step")
    tab.until_step(int(step) + 100)
    assert len(sockets) == 2
