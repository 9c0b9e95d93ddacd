/** Gift-card codes as they are typed: groups of four, capitals, and no digit that looks like another. */

const LENGTH = 16;
const GROUP = 4;

/** What was typed so far, in groups. O is 0, I and L are 1, as on the server. */
export function groupCode(typed: string): string {
  const digits = typed.toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1').replace(/[^0-9A-HJKMNP-TV-Z]/g, '').slice(0, LENGTH);
  return digits.replace(new RegExp(`(.{${GROUP}})(?=.)`, 'g'), '$1-');
}

/** Whether all of it is there. Whether it is right, the server says. */
export function isWhole(code: string): boolean {
  return code.replace(/-/g, '').length === LENGTH;
}
