using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ringmaster.Backends.Display;

namespace Ringmaster.Control;

/// <summary>The REST API of a VM. <c>openapi.json</c> describes it, and is served with it.</summary>
internal static class ControlEndpoints
{
    /// <summary>Where all of it is.</summary>
    public const string Root = "/api/v1/vm";

    private const string Description = "openapi.json";

    public static void Map(IEndpointRouteBuilder routes, ControlledVm vm)
    {
        routes.MapGet("/" + Description, Describe);
        var api = routes.MapGroup(Root);
        api.MapGet("", () => Answer(vm.Describe(), ControlJson.Default.VmStatus));
        api.MapGet("/statistics", () => Answer(vm.Count(), ControlJson.Default.VmStatistics));
        DeviceEndpoints.Map(api, vm);
        api.MapGet("/screenshot", () => Screenshot(vm));
        BalloonEndpoints.Map(api, vm);
        api.MapPut("/cpus", WithBody(ControlJson.Default.VmCpusRequest, request => SetCpus(vm, request.Count)));
        api.MapPost("/pause", () => Done(vm, vm.Machine.Pause));
        api.MapPost("/resume", () => Done(vm, vm.Machine.Resume));
        api.MapPost("/reset", () => Done(vm, vm.Machine.Reset));
        api.MapPost("/stop", () => Done(vm, vm.Stop));
        api.MapPost("/power-button", () => PressPowerButton(vm));
    }

    private static IResult Describe() => TypedResults.Stream(typeof(ControlEndpoints).Assembly.GetManifestResourceStream(Description)!, "application/json");

    private static IResult PressPowerButton(ControlledVm vm) => vm.Machine.PressPowerButton()
        ? Answer(vm.Describe(), ControlJson.Default.VmStatus) : Refuse("The guest does not listen to its power button (yet).");

    private static IResult SetCpus(ControlledVm vm, int count) => Try(() =>
    {
        try
        {
            // The machine's threads come to it within milliseconds, unless it ends or is paused meanwhile.
            vm.Machine.SetCpus(count).WaitAsync(TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            return Refuse("The VM does not run any more. Look at its status.");
        }
        return Answer(vm.Describe(), ControlJson.Default.VmStatus);
    });

    private static IResult Screenshot(ControlledVm vm)
    {
        if (vm.Machine.Console is not { } console)
            return Refuse("The VM has no screen. Start it with --vga std, or with --display.");
        uint[] pixels = [];
        var size = console.Capture(ref pixels);
        using var image = new MemoryStream();
        PngImage.Write(image, size, pixels);
        return TypedResults.Bytes(image.ToArray(), "image/png");
    }

    /// <summary>A request's answer.</summary>
    public static IResult Answer<T>(T value, JsonTypeInfo<T> type) => TypedResults.Json(value, type);

    private static IResult Done(ControlledVm vm, Action action)
    {
        action();
        return Answer(vm.Describe(), ControlJson.Default.VmStatus);
    }

    /// <summary>Does something that a machine may refuse.</summary>
    public static IResult Try(Func<IResult> action)
    {
        try
        {
            return action();
        }
        catch (InvalidOperationException refusal)
        {
            return Refuse(refusal.Message);
        }
    }

    /// <summary>Answers requests that have a body.</summary>
    /// <param name="type">How the body is read.</param>
    /// <param name="answer">Answers.</param>
    public static RequestDelegate WithBody<T>(JsonTypeInfo<T> type, Func<T, IResult> answer) where T : class => async context =>
    {
        T? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            body = null;
        }
        var result = body is null
            ? Problem("The body is not what openapi.json says.", StatusCodes.Status400BadRequest)
            : answer(body);
        await result.ExecuteAsync(context).ConfigureAwait(false);
    };

    /// <summary>A request that the machine cannot be asked now.</summary>
    public static IResult Refuse(string message) => Problem(message, StatusCodes.Status409Conflict);

    private static IResult Problem(string message, int status) =>
        TypedResults.Json(new VmProblem(message), ControlJson.Default.VmProblem, statusCode: status);
}
