// The stream: a socket beside Streamlit's own, by which the server tells what is new and hears commands
// (ui/live/stream.py). It tells the next only when `drawn` was called after the last, so a slow or hidden page is told
// less.

const FIRST_MS = 250, LAST_MS = 5000      // until it is tried again
const TRIES = 3                           // without a word before it counts as out of reach

export class Stream {
  // take: called with each message. lost: called where the server was never reached this way.
  constructor(name, take, lost) {
    Object.assign(this, {name, take, lost, wait: FIRST_MS, tries: 0, heard: false})
    this.open()
  }

  open() {
    const url = new URL("live/stream", document.baseURI)
    url.protocol = url.protocol.replace("http", "ws")
    url.searchParams.set("key", this.name)
    const socket = this.socket = new WebSocket(url)
    socket.onmessage = ({data}) => {
      Object.assign(this, {tries: 0, wait: FIRST_MS, heard: true})
      this.take(JSON.parse(data))
    }
    socket.onclose = () => {
      if (this.socket !== socket) return
      if (++this.tries === TRIES) {
        if (!this.heard) return this.lost()
        // The server may have forgotten this name: the page's script makes another.
        this.take({changed: Date.now()})
        this.tries = 0
      }
      this.timer = setTimeout(() => this.open(), this.wait)
      this.wait = Math.min(LAST_MS, 2 * this.wait)
    }
  }

  drawn() {
    this.send("drawn")
  }

  // Whether `text` is on its way now.
  send(text) {
    const open = this.socket?.readyState === WebSocket.OPEN
    if (open) this.socket.send(text)
    return open
  }

  close() {
    clearTimeout(this.timer)
    const socket = this.socket
    this.socket = undefined
    socket?.close()
  }
}
