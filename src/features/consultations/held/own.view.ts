import type { OwnAttendance } from './attendance.service.js';

/** What a student is shown of a slot that is over. */
export const ownAttendanceView = ({ minutes, ...rest }: OwnAttendance) => ({
  ...rest,
  minutes: minutes.map(({ id, name }) => ({ id, name })),
});
