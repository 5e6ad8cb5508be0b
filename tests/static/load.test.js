import assert from "node:assert/strict"
import { test } from "node:test"

import { stylesheets } from "../../static/live_load.js"

test("a sheet that two pages name comes once, and those on top of it stay behind it", async () => {
  const came = [], append = (sheet) => { came.push(sheet.href.split("/").at(-1)); sheet.onload() }
  globalThis.document = {head: {append}, createElement: () => ({})}
  await stylesheets(["live.css", "agents.css"])
  await stylesheets(["live.css", "network.css"])
  await stylesheets(["live.css", "agents.css"])
  assert.deepEqual(came, ["live.css", "agents.css", "network.css"])
})
