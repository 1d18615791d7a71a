/*
 * err - how a station says that it failed.
 *
 * A status to branch on and a text to print. The library never prints and never
 * exits: it fills a struct tb_err that the caller owns and hands the status up.
 */
#ifndef TB_ERR_H
#define TB_ERR_H

#define TB_MUST_CHECK        __attribute__((warn_unused_result))
#define TB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
/* For what few rows need: kept out of functions that each row passes. */
#define TB_COLD              __attribute__((noinline))
/* For pieces of a hot loop, and for code that a constant argument makes several versions of. */
#define TB_ALWAYS_INLINE     __attribute__((always_inline))

enum tb_status {
	TB_OK = 0,
	TB_USAGE,       /* the caller asked for something that cannot be */
	TB_DATA,        /* bad usage data */
	TB_NOINPUT,     /* an input is missing or cannot be read */
	TB_CONFIG,      /* bad rate file or configuration */
	TB_CANTCREATE,  /* an output cannot be created */
	TB_IO,          /* reading or writing failed half-way */
	TB_NOMEM,       /* out of memory, or a stated limit of it */
	TB_INTERNAL,    /* a check on our own work failed */
	TB_INTERRUPTED, /* the caller asked to stop */
};

enum { TB_ERR_TEXT = 5120 };

/* Zeroed by the caller. The text is complete: it names file, line and cause where there are any. */
struct tb_err {
	enum tb_status code;
	char text[TB_ERR_TEXT];
};

/* Fills `err` unless it already holds an earlier failure, and returns `code`. */
enum tb_status tb_fail(struct tb_err *err, enum tb_status code, const char *fmt, ...)
	TB_PRINTF(3, 4);

/* Here, so that a compiler knows that it never returns TB_OK. */
static inline enum tb_status tb_fail_nomem(struct tb_err *err)
{
	tb_fail(err, TB_NOMEM, "out of memory");
	return TB_NOMEM;
}

/* Passes a failure up. */
#define TB_TRY(call)                                                                               \
	do {                                                                                       \
		enum tb_status tb_try_ = (call);                                                   \
		if (tb_try_ != TB_OK)                                                              \
			return tb_try_;                                                            \
	} while (0)

#endif
