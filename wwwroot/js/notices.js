// Notices of the browser's: asked for once, remembered in this browser, shown when the page is not looked at.

const KEY = 'sqsnet-notices';

export function create() {
  return { isOn, set, tell, dispose: () => {} };
}

function isOn() {
  return localStorage.getItem(KEY) === 'on' && window.Notification?.permission === 'granted';
}

/** Turns notices on or off; says whether they are on now, which the person may have refused. */
async function set(on) {
  if (!on) {
    localStorage.removeItem(KEY);
    return false;
  }
  const allowed = window.Notification && (await Notification.requestPermission()) === 'granted';
  if (allowed) localStorage.setItem(KEY, 'on');
  return Boolean(allowed);
}

/** One notice for each end, however many tabs are open. */
function tell(title, body, page) {
  const notice = new Notification(title, { body, tag: `${page}` });
  notice.addEventListener('click', () => {
    window.focus();
    location.assign(page);
    notice.close();
  });
}
