// Bytes as text and back, in base64.

// A loop: with a function for each letter it takes ten times as long.
export function bytes(text) {
  const letters = atob(text), found = new Uint8Array(letters.length)
  for (let at = 0; at < letters.length; at++) found[at] = letters.charCodeAt(at)
  return found
}

/** @param {Uint8Array} values */
export function encoded(values) {
  let letters = ""
  for (const value of values) letters += String.fromCharCode(value)
  return btoa(letters)
}
