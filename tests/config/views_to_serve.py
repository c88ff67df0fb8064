"""Views that answer in every way that the server must cope with."""

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path


def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {"query": request.GET.get("q"), "size": len(request.body), "address": request.META["REMOTE_ADDR"]}
    )


def lines(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse((f"{number}\n".encode() for number in range(100_000)), content_type="text/plain")


def this_file(request: HttpRequest) -> FileResponse:
    return FileResponse(open(__file__, "rb"))  # noqa: SIM115 - the response closes it


def two_cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("ok")
    response.set_cookie("one", "1")
    response.set_cookie("two", "2")
    return response


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("as planned")


urlpatterns = [
    path("echo", echo),
    path("lines", lines),
    path("file", this_file),
    path("cookies", two_cookies),
    path("broken", broken),
]
