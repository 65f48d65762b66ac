"""A model server in a process of its own, so that it takes no time from the event loop of the clients."""

import asyncio
import multiprocessing
import time


class ModelProcess(multiprocessing.Process):
    """Serves a model, one whose `start` gives its port, from its making until `terminate`."""

    def __init__(self, model):
        super().__init__(daemon=True)
        self.model, self._port = model, multiprocessing.Value("i", 0)
        self.start()
        while not self._port.value:
            if not self.is_alive():
                raise SystemExit("the model server does not start")
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self._port.value}"

    def run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._port.value = await self.model.start()
        await asyncio.Event().wait()
