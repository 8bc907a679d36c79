// What is being described in a form, kept in this tab: it outlives the circuit, the page and the server.

const MOST = 80_000; // characters, of three bytes or fewer: the circuit takes no message of more than 256 KiB

/** @param {string} address where the form stands; each address has a draft of its own */
export function create(address) {
  const key = `sqsnet-draft ${address}`;
  const forget = () => sessionStorage.removeItem(key);
  return {
    read: () => sessionStorage.getItem(key),
    keep: (text) => (text.length > MOST ? forget() : sessionStorage.setItem(key, text)),
    forget,
    dispose: () => {},
  };
}
