/*
 * lanes - every way of reading a log gives the same rows, rejects and counts, on any bytes.
 *
 * The first byte chooses header, block size and threads; the rest are the log's rows.
 */
#include "../unit/reading.h"
#include "fuzz.h"
#include "usage/fastlane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const headers[] = {
	"timestamp,model,input_tokens,cached_tokens,output_tokens,note\n",
	("note,output_tokens,batch,service_tier,model,input_tokens,timestamp,request_id,"
	 "reasoning_tokens,context,requests,cache_write_tokens\r\n"),
	"time,model,prompt_tokens,completion_tokens,note,region,web_searches\n",
	"",
	"startTime,model,prompt_tokens,completion_tokens,spend,metadata,request_id,note\n",
	("start_time,end_time,num_model_requests,model,input_tokens,input_cached_tokens,"
	 "output_tokens,service_tier,output_audio_tokens,note\n"),
	("Date,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,"
	 "Total Tokens,Cost,note\r\n"),
	"id,traceId,startTime,model,usageDetails,totalCost,note\n",
};

static const size_t blocks[] = {7, 63, 64, 65, 200, 1000, 0};

static void compare(const char *path, const struct tb_buf *whole,
		    const struct tb_reader_options *options)
{
	struct tb_buf other = {0};

	read_as_text(path, options, &other);
	if (strcmp(whole->p, other.p) != 0) {
		fprintf(stderr, "%s lane, block %zu, %zu threads gave\n%s\nand csvlane alone\n%s\n",
			options->lane->name, options->block, options->threads, other.p, whole->p);
		abort();
	}
	tb_buf_release(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const asked[] = {"note"};
	const struct tb_fastlane *lanes[4];
	size_t lane_count = tb_fastlane_all(lanes, LENGTH(lanes)), choice = size ? data[0] : 0;
	const char *header = headers[choice % LENGTH(headers)];
	const struct tb_span log[] = {tb_span_of(header),
				      {(const char *)data + (size > 0), size - (size > 0)}};
	const char *path = fuzz_file(0, log, LENGTH(log));
	struct tb_reader_options options = {.strict = true, .asked = asked};
	struct tb_buf whole = {0};

	options.asked_count = *header ? LENGTH(asked) : 0;
	read_as_text(path, &options, &whole);
	options.strict = false;
	options.block = blocks[choice / LENGTH(headers) % LENGTH(blocks)];
	options.threads = choice / (LENGTH(headers) * LENGTH(blocks)) % READING_THREADS_MAX + 1;
	for (size_t l = 0; l < lane_count; l++) {
		options.lane = lanes[l];
		compare(path, &whole, &options);
	}
	tb_buf_release(&whole);
	return 0;
}
