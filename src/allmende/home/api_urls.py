"""What programs ask of the house: is it well, what may be crawled, how does the network look from afar."""

from django.urls import path

from allmende.home import api

app_name = "home-api"

urlpatterns = [
    path("healthz", api.healthz, name="healthz"),
    path("robots.txt", api.robots, name="robots"),
    path("sitemap.xml", api.sitemap_index, name="sitemap"),
    path("sitemap-<int:part>.xml", api.sitemap_part, name="sitemap_part"),
    path(".well-known/security.txt", api.security, name="security"),
    path("netz.svg", api.network_map, name="network_map"),
]
