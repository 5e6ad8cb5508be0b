// Elements and their texts. Text is only ever set as textContent; elements stay, their content changes.

export function element(tag, name = "", text = "", children = []) {
  const made = document.createElement(tag)
  if (name) made.className = name
  if (text) made.textContent = text
  made.append(...children)
  return made
}

export function say(node, text) {
  if (node.textContent !== text) node.textContent = text
}

export function pair(tag, one, other, name = "") {
  return element(tag, name, "", [one, other])
}
