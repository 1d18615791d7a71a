/*
 * lanes - every way of reading a log gives the same rows, rejects and counts, on any bytes.
 *
 * The first byte chooses header, block size and threads; the rest are the log's rows.
 */
#include "agree.h"
#include "fuzz.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const asked[] = {"note"};
	struct tb_span rest = {(const char *)data, size};
	unsigned choice = fuzz_byte(&rest);
	const char *header = headers[choice % LENGTH(headers)];
	const struct tb_span log[] = {tb_span_of(header), rest};
	const struct tb_row_options options = {.asked = asked,
					       .asked_count = *header ? LENGTH(asked) : 0};

	fuzz_lanes_agree(fuzz_file(0, log, LENGTH(log)), options, choice / LENGTH(headers));
	return 0;
}
