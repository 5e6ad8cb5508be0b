// The stream: a socket beside Streamlit's own, by which the server tells what is new (ui/stream.py). It tells the
// next only when `drawn` was called after the last, so a slow or hidden page is told less.

const UNKNOWN = 4404                      // the server knows no page of this name: the page's script makes another
const FIRST_MS = 250, LAST_MS = 5000      // until it is tried again
const TRIES = 3                           // without ever a word before it counts as out of reach

export class Stream {
  // take: called with each message. lost: called where the server cannot be reached this way.
  constructor(name, take, lost) {
    Object.assign(this, {name, take, lost, wait: FIRST_MS, tries: 0})
    this.open()
  }

  open() {
    const url = new URL("live/stream", document.baseURI)
    url.protocol = url.protocol.replace("http", "ws")
    url.searchParams.set("key", this.name)
    const socket = this.socket = new WebSocket(url)
    socket.onmessage = ({data}) => {
      Object.assign(this, {tries: -Infinity, wait: FIRST_MS})
      this.take(JSON.parse(data))
    }
    socket.onclose = ({code}) => {
      if (this.socket !== socket) return
      if (code === UNKNOWN) return this.take({changed: Date.now()})
      if (++this.tries === TRIES) return this.lost()
      this.timer = setTimeout(() => this.open(), this.wait)
      this.wait = Math.min(LAST_MS, 2 * this.wait)
    }
  }

  drawn() {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send("drawn")
  }

  close() {
    clearTimeout(this.timer)
    const socket = this.socket
    this.socket = undefined
    socket?.close()
  }
}
