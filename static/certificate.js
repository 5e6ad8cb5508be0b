// The certificate: a page of its own to print, made in the browser. The name that is typed here is never sent.

import { element } from "./live_element.js"

const STYLE = `
@page { size: A4 landscape; margin: 14mm }
body { font: 16px/1.5 Georgia, "Times New Roman", serif; color: #1d2433; background: #fff; margin: 0; padding: 24px; text-align: center }
main { border: 3px double #2f5bc7; padding: 32px 48px; max-width: 62rem; margin: 0 auto }
h1 { font-size: 34px; margin: 0 0 12px; letter-spacing: .02em }
.name { font-size: 30px; font-weight: 700; margin: 12px 0; overflow-wrap: anywhere }
ol { text-align: left; columns: 2; column-gap: 32px; padding: 0; list-style: none; font-size: 14px }
li { break-inside: avoid; margin-bottom: 6px }
button { font: inherit; padding: 8px 20px; margin-bottom: 16px }
@media print { button { display: none } body { padding: 0 } }
@media (max-width: 640px) { main { padding: 16px } ol { columns: 1 } }`

export default function ({data, parentElement}) {
  const place = parentElement.querySelector(".certificate-maker")
  if (!place || place.firstChild) {
    if (place) place.data = data
    return
  }
  place.data = data
  const name = Object.assign(element("input", "certificate-name"), {type: "text", maxLength: 80, autocomplete: "name"})
  const label = element("label", "", "Name on the certificate ", [name])
  const button = Object.assign(element("button", "certificate-open", "Open the certificate"), {type: "button"})
  const form = element("form", "certificate-form", "", [label, button])
  const open = () => show(name.value.trim(), place.data)
  button.onclick = open
  form.onsubmit = (event) => { event.preventDefault(); open() }
  place.append(form)
}

// Words are set as text alone, so that a name is no markup.
function show(name, {lessons, of, date}) {
  const page = window.open("", "_blank")
  if (!page) return
  const {document: own} = page
  own.title = "Certificate"
  own.documentElement.lang = "en"
  const made = (tag, text, kind = "") => {
    const one = own.createElement(tag)
    one.textContent = text
    one.className = kind
    return one
  }
  const print = made("button", "Print")
  print.onclick = () => page.print()
  const main = own.createElement("main"), list = own.createElement("ol")
  list.append(...lessons.map((lesson) => made("li", lesson)))
  main.append(made("h1", "Deep Learning Playground"), made("p", "This is to certify that"), made("p", name || "…", "name"),
    made("p", `has passed ${lessons.length} of ${of} lessons, each with a challenge that was checked:`), list, made("p", date))
  own.head.append(made("style", STYLE))
  own.body.append(print, main)
  print.focus()
}
